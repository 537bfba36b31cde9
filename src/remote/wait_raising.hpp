// Within the room remote: waiting for a socket.
#pragma once

namespace datasurface::remote {

enum class For { reading, writing, both };

// Waits until the socket is ready, but at most so many milliseconds; -1: as long as it takes. Raises a cancel or shutdown at once.
// False: the time is over.
bool wait_for(int socket, For what, long milliseconds);

// Takes a place for one more open file. Raises when too many are open.
void reserve_file();

} // namespace datasurface::remote

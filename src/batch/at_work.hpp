// Streams that this session is working on. A query, trigger or function that a step runs has the stream's lock too, as it runs
// in the same transaction; it must not work on the same stream.
#pragma once

#include <string>

namespace datasurface::batch {

class AtWork {
public:
    // Throws SF013 when a call on the stream is under way in this session.
    AtWork(int stream, const std::string &name);
    ~AtWork();
    AtWork(const AtWork &) = delete;
    AtWork &operator=(const AtWork &) = delete;

private:
    int stream_;
    const AtWork *outer_;
};

} // namespace datasurface::batch

// The memory and the temporary files that the caller gives to the kernel. In a server they are the server's, so its limits and
// its clean-up apply. A unit test implements them as it needs them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace datasurface::diff {

class Memory {
public:
    virtual void *allocate(std::size_t bytes) = 0; // not zeroed, aligned for any type; throws when memory is exhausted
    virtual void release(void *memory) = 0;        // nullptr: does nothing
    virtual void poll() = 0;                       // called often during long work: throws when the work is cancelled

protected:
    ~Memory() = default;
};

class Files {
public:
    virtual int create() = 0; // returns an empty file, which is open until close()
    virtual void write(int file, const void *data, std::size_t bytes) = 0;
    virtual void rewind(int file) = 0;                                     // from writing to reading
    virtual std::size_t read(int file, void *data, std::size_t bytes) = 0; // fewer bytes only at the end
    virtual void close(int file) = 0;

protected:
    ~Files() = default;
};

} // namespace datasurface::diff

// What the kernel is given: memory and temporary files. A server gives its own, so that its limits and its clean-up hold;
// a unit test gives what it likes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace datasurface::diff {

class Memory {
public:
    virtual void *allocate(std::size_t bytes) = 0; // not zeroed, aligned for any type; throws when there is none
    virtual void release(void *memory) = 0;        // nullptr is nothing
    virtual void poll() = 0;                       // called often by what takes long: throws when it is to end

protected:
    ~Memory() = default;
};

class Files {
public:
    virtual int create() = 0; // an empty file, open until it is closed
    virtual void write(int file, const void *data, std::size_t bytes) = 0;
    virtual void rewind(int file) = 0;                                     // from writing to reading
    virtual std::size_t read(int file, void *data, std::size_t bytes) = 0; // less than asked for only at the end
    virtual void close(int file) = 0;

protected:
    ~Files() = default;
};

} // namespace datasurface::diff

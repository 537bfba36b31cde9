// A list that is written once, and then read from the start any number of times. It is kept in memory up to a limit, and the
// rest in a file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "diff/caller.hpp"

namespace datasurface::diff {

// The untyped part: blocks of bytes, each as large as all blocks before it together, then the file.
class TapeStore {
public:
    TapeStore(Memory &memory, Files &files, std::size_t limit);
    TapeStore(const TapeStore &) = delete;
    TapeStore &operator=(const TapeStore &) = delete;

protected:
    void make_room(std::size_t item); // call it when next_ == end_: for at least one item of that size in bytes
    std::size_t read_bytes(void *to, std::size_t bytes);
    void start_reading();
    void clear_all();

    char *next_ = nullptr; // where the next item goes: in the newest block, or in the buffer of the file
    char *end_ = nullptr;

private:
    static constexpr std::size_t first_block = 1024; // bytes
    static constexpr std::size_t buffered = 8192;
    static constexpr unsigned most_blocks = 64; // never reached: each block doubles the total
    static constexpr int none = -1;

    struct Block {
        char *begin;
        std::size_t bytes; // written
    };

    void seal();
    void take_block(std::size_t bytes);
    std::size_t read_from_file(char *to, std::size_t bytes);

    Memory &memory_;
    Files &files_;
    std::size_t limit_;
    std::size_t used_ = 0; // bytes of the blocks
    unsigned blocks_ = 0;
    Block block_[most_blocks];
    int file_ = none;
    char *buffer_ = nullptr;
    std::uint64_t in_file_ = 0; // bytes written
    unsigned reading_ = 0;      // block
    std::size_t read_ = 0;      // bytes of it
    std::uint64_t file_read_ = 0;
};

// Plain items: no constructors run, they are copied as bytes.
template <class Item>
class Tape : private TapeStore {
    static_assert(std::is_trivially_copyable_v<Item> && alignof(Item) <= alignof(std::max_align_t));

public:
    Tape(Memory &memory, Files &files, std::size_t limit) : TapeStore(memory, files, limit) {} // limit: bytes of memory
    ~Tape() = default; // releases nothing: after an exception the caller releases all memory and files at once

    void append(const Item &item) // not after the first rewind, but after clear
    {
        if (next_ == end_)
            make_room(sizeof(Item));
        std::memcpy(next_, &item, sizeof(Item));
        next_ += sizeof(Item);
        ++size_;
    }

    std::uint64_t size() const { return size_; } // items

    void rewind() { start_reading(); }                  // before the first read, and to read again
    std::size_t read(Item *items, std::size_t capacity) // 0 at the end
    {
        return read_bytes(items, capacity * sizeof(Item)) / sizeof(Item);
    }

    void clear() // releases memory and file; the tape is empty, and can be written again
    {
        clear_all();
        size_ = 0;
    }

private:
    std::uint64_t size_ = 0;
};

} // namespace datasurface::diff

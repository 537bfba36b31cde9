// Entries on their way out of memory: to one file, or to 64 by parts of the key digest, each of which is created when
// it gets its first entry.
#pragma once

#include <cstddef>
#include <cstdint>

#include "diff/caller.hpp"
#include "diff/entry.hpp"

namespace datasurface::diff {

class Spill {
public:
    static constexpr unsigned bits = 6; // of the key digest, that choose the part
    static constexpr unsigned parts = 1 << bits;

    // level: 0 for the topmost bits of the key digest, 1 for the next ones, ... Behind level 9 no more than 16 key digests can
    // be left together, which every table has room for: nothing comes there to be divided further.
    Spill(Memory &memory, Files &files, unsigned level);
    Spill(const Spill &) = delete;
    Spill &operator=(const Spill &) = delete;

    void all_into(int file); // called first, if at all: a file of the caller's, which is neither rewound nor closed

    void add(const Entry &entry)
    {
        unsigned const part = (entry.key >> shift_) & mask_;
        if (buffers_ == nullptr)
            make_buffers();
        buffers_[part * buffered + filled_[part]] = entry;
        if (++filled_[part] == buffered)
            write(part);
    }

    void flush();  // everything to the files
    void forget(); // the files, which somebody has closed or will

    bool is_used() const { return used_; }
    int file(unsigned part) const { return file_[part]; } // of a part that has entries
    std::uint64_t entries(unsigned part) const { return written_[part]; }

private:
    static constexpr int none = -1;
    static constexpr unsigned buffered = 32; // entries of a part

    void make_buffers();
    void write(unsigned part);

    Memory &memory_;
    Files &files_;
    unsigned shift_;
    unsigned mask_ = parts - 1;
    Entry *buffers_ = nullptr;
    bool used_ = false;
    int file_[parts];
    unsigned filled_[parts] = {};
    std::uint64_t written_[parts] = {};
};

} // namespace datasurface::diff

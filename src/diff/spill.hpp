// Writes entries to temporary files: to one file, or to 64 files by parts of the key digest. Each file is created with its
// first entry.
#pragma once

#include <cstddef>
#include <cstdint>

#include "diff/caller.hpp"
#include "diff/entry.hpp"

namespace datasurface::diff {

class Spill {
public:
    static constexpr unsigned bits = 6; // bits of the key digest that choose the part
    static constexpr unsigned parts = 1 << bits;

    // level: 0 for the top 6 bits of the key digest, 1 for the next 6, and so on. A part of level 9 holds at most 16 different
    // key digests. Every table has room for them, so no part of it is divided again.
    Spill(Memory &memory, Files &files, unsigned level);
    Spill(const Spill &) = delete;
    Spill &operator=(const Spill &) = delete;

    void all_into(int file); // call it before add(): one file of the caller, which is neither rewound nor closed

    void add(const Entry &entry)
    {
        unsigned const part = (entry.key >> shift_) & mask_;
        if (buffers_ == nullptr)
            make_buffers();
        buffers_[part * buffered + filled_[part]] = entry;
        if (++filled_[part] == buffered)
            write(part);
    }

    void flush();  // writes all buffers to the files
    void forget(); // the files; the caller closes them

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

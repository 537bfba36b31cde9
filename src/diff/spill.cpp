#include "diff/spill.hpp"

#include <algorithm>
#include <iterator>

namespace datasurface::diff {

Spill::Spill(Memory &memory, Files &files, unsigned level)
    : memory_(memory), files_(files), shift_(bits * (level + 1) < 64 ? 64 - bits * (level + 1) : 0)
{
    forget();
}

void Spill::all_into(int file)
{
    file_[0] = file;
    mask_ = 0;
}

void Spill::make_buffers()
{
    buffers_ = static_cast<Entry *>(memory_.allocate((mask_ + 1) * buffered * sizeof(Entry)));
    used_ = true;
}

void Spill::write(unsigned part)
{
    if (file_[part] == none)
        file_[part] = files_.create();
    files_.write(file_[part], buffers_ + part * buffered, filled_[part] * sizeof(Entry));
    written_[part] += filled_[part];
    filled_[part] = 0;
}

void Spill::flush()
{
    if (buffers_ == nullptr)
        return;
    for (unsigned part = 0; part <= mask_; ++part)
        if (filled_[part] > 0)
            write(part);
    memory_.release(buffers_);
    buffers_ = nullptr;
}

void Spill::forget()
{
    std::fill(std::begin(file_), std::end(file_), none);
    std::fill(std::begin(written_), std::end(written_), 0);
    used_ = false;
}

} // namespace datasurface::diff

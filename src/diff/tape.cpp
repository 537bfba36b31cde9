#include "diff/tape.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::diff {

TapeStore::TapeStore(Memory &memory, Files &files, std::size_t limit) : memory_(memory), files_(files), limit_(limit) {}

void TapeStore::make_room(std::size_t item)
{
    memory_.poll();
    seal();
    std::size_t const wanted = std::min(std::max(used_, first_block), limit_ - used_) / item * item;
    if (wanted > 0)
        return take_block(wanted);
    if (file_ == none)
        file_ = files_.create();
    if (buffer_ == nullptr)
        buffer_ = static_cast<char *>(memory_.allocate(buffered));
    next_ = buffer_;
    end_ = buffer_ + buffered / item * item;
}

void TapeStore::take_block(std::size_t bytes)
{
    next_ = static_cast<char *>(memory_.allocate(bytes));
    end_ = next_ + bytes;
    block_[blocks_++] = {next_, 0};
    used_ += bytes;
}

// Completes the newest block, or writes the buffer to the file, so that everything appended can be read.
void TapeStore::seal()
{
    if (buffer_ != nullptr) {
        files_.write(file_, buffer_, static_cast<std::size_t>(next_ - buffer_));
        in_file_ += static_cast<std::size_t>(next_ - buffer_);
    } else if (next_ != nullptr) {
        block_[blocks_ - 1].bytes = static_cast<std::size_t>(next_ - block_[blocks_ - 1].begin);
    }
    next_ = end_ = nullptr;
}

void TapeStore::start_reading()
{
    seal();
    memory_.release(buffer_);
    buffer_ = nullptr;
    if (file_ != none)
        files_.rewind(file_);
    reading_ = 0;
    read_ = 0;
    file_read_ = 0;
}

std::size_t TapeStore::read_bytes(void *to, std::size_t bytes)
{
    auto *const begin = static_cast<char *>(to);
    std::size_t done = 0;
    while (done < bytes && reading_ < blocks_) {
        Block const &block = block_[reading_];
        std::size_t const part = std::min(bytes - done, block.bytes - read_);
        std::memcpy(begin + done, block.begin + read_, part);
        done += part;
        read_ += part;
        if (read_ == block.bytes) {
            ++reading_;
            read_ = 0;
        }
    }
    memory_.poll();
    return done + read_from_file(begin + done, bytes - done);
}

std::size_t TapeStore::read_from_file(char *to, std::size_t bytes)
{
    std::size_t const wanted = std::min<std::uint64_t>(bytes, in_file_ - file_read_);
    if (wanted == 0)
        return 0;
    if (files_.read(file_, to, wanted) != wanted)
        throw Error(sqlstate::internal_error, "a temporary file of the merge ended early");
    file_read_ += wanted;
    return wanted;
}

void TapeStore::clear_all()
{
    for (unsigned i = 0; i < blocks_; ++i)
        memory_.release(block_[i].begin);
    memory_.release(buffer_);
    if (file_ != none)
        files_.close(file_);
    buffer_ = next_ = end_ = nullptr;
    used_ = 0;
    blocks_ = 0;
    file_ = none;
    in_file_ = file_read_ = 0;
}

} // namespace datasurface::diff

// Private to the native room: memory and files for the kernel. The memory is allocated in the merge's context. The files are temporary
// files of PostgreSQL, so temp_file_limit, temp_tablespaces, log_temp_files and the clean-up after a crash apply.
#pragma once

#include "diff/caller.hpp"
#include "native/caller_raising.hpp"

namespace datasurface::native {

class ServerMemory final : public diff::Memory {
public:
    explicit ServerMemory(MemoryContext context) : context_(context) {}
    void *allocate(std::size_t bytes) override;
    void release(void *memory) override;
    void poll() override;

private:
    MemoryContext context_;
};

class TemporaryFiles final : public diff::Files {
public:
    explicit TemporaryFiles(MemoryContext context) : open_{context, nullptr, 0, 0} {}
    int create() override;
    void write(int file, const void *data, std::size_t bytes) override;
    void rewind(int file) override;
    std::size_t read(int file, void *data, std::size_t bytes) override;
    void close(int file) override;

    void close_all();         // PostgreSQL warns at commit of files that are left open
    int adopt(BufFile *file); // opened elsewhere
    std::uint64_t written(int file) const { return open_.files[file].written; } // bytes
    std::uint64_t written() const { return written_; }                          // to all of them

private:
    OpenFiles open_;
    std::uint64_t written_ = 0;
};

} // namespace datasurface::native

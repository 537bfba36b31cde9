// Private to the native room: memory and files for the kernel. The memory is of the merge's context. The files are PostgreSQL's own
// temporary files, so that temp_file_limit, temp_tablespaces, log_temp_files and the clean-up after a crash apply.
#pragma once

#include "diff/caller.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "storage/buffile.h"
}

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
    explicit TemporaryFiles(MemoryContext context) : context_(context) {}
    int create() override;
    void write(int file, const void *data, std::size_t bytes) override;
    void rewind(int file) override;
    std::size_t read(int file, void *data, std::size_t bytes) override;
    void close(int file) override;

    void close_all();         // PostgreSQL warns at commit of files that are left open
    int adopt(BufFile *file); // opened elsewhere
    std::uint64_t written(int file) const { return files_[file].written; } // bytes
    std::uint64_t written() const { return written_; }                     // to all of them

private:
    struct File {
        BufFile *file;
        std::uint64_t written;
    };

    int put(BufFile *file);

    MemoryContext context_;
    File *files_ = nullptr; // in the context: an error that jumps over us leaks nothing
    int capacity_ = 0;
    int count_ = 0;
    std::uint64_t written_ = 0;
};

} // namespace datasurface::native

// Private to the native room: memory and temporary files from PostgreSQL.
#pragma once

#include <cstdint>

#include "pg/boundary.hpp"

extern "C" {
#include "storage/buffile.h"
}

namespace datasurface::native {

void *allocate_in(MemoryContext context, std::size_t bytes);
void release_memory(void *memory);

// Open files by number: plain, in a memory context, so an error that jumps over them leaks nothing.
struct OpenFiles {
    struct File {
        BufFile *file;
        std::uint64_t written; // bytes
    };

    MemoryContext context;
    File *files;
    int capacity;
    int count;
};

int put_file(OpenFiles &open, BufFile *file);
int create_file(OpenFiles &open);
void write_file(const OpenFiles &open, int file, const void *data, std::size_t bytes);
void rewind_file(const OpenFiles &open, int file);
std::size_t read_file(const OpenFiles &open, int file, void *data, std::size_t bytes);
void close_file(const OpenFiles &open, int file);

} // namespace datasurface::native

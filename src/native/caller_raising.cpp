#include "native/caller_raising.hpp"

#include "pg/compat.hpp"

namespace datasurface::native {

#ifdef DATASURFACE_SANITIZE

// The sanitizer knows the bounds of malloc'ed blocks, and not those of chunks of a memory context. The context frees the block.
namespace {

struct Block {
    MemoryContextCallback callback;
    void *memory;
};

void free_block(void *argument)
{
    free(static_cast<Block *>(argument)->memory);
}

} // namespace

void *allocate_in(MemoryContext context, std::size_t bytes)
{
    auto *const block = static_cast<Block *>(MemoryContextAllocZero(context, sizeof(Block)));
    block->callback.func = free_block;
    block->callback.arg = block;
    MemoryContextRegisterResetCallback(context, &block->callback);
    block->memory = malloc(bytes);
    if (block->memory == nullptr)
        ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
    return block->memory;
}

void release_memory(void *) {} // with the context: an early free would need a search

#else

void *allocate_in(MemoryContext context, std::size_t bytes)
{
    return MemoryContextAllocHuge(context, bytes);
}

void release_memory(void *memory)
{
    pfree(memory);
}

#endif

int put_file(OpenFiles &open, BufFile *file)
{
    for (int i = 0; i < open.count; ++i)
        if (open.files[i].file == nullptr) {
            open.files[i] = {file, 0};
            return i;
        }
    if (open.count == open.capacity) {
        int const larger = open.capacity == 0 ? 64 : open.capacity * 2;
        auto *const grown =
            static_cast<OpenFiles::File *>(MemoryContextAllocZero(open.context, sizeof(OpenFiles::File) * larger));
        if (open.files != nullptr)
            memcpy(grown, open.files, sizeof(OpenFiles::File) * open.count);
        open.files = grown;
        open.capacity = larger;
    }
    open.files[open.count] = {file, 0};
    return open.count++;
}

int create_file(OpenFiles &open)
{
    MemoryContext const old = MemoryContextSwitchTo(open.context);
    BufFile *const file = BufFileCreateTemp(false);
    MemoryContextSwitchTo(old);
    return put_file(open, file);
}

void write_file(const OpenFiles &open, int file, const void *data, std::size_t bytes)
{
    CHECK_FOR_INTERRUPTS();
    pg::buffile_write(open.files[file].file, data, bytes);
    open.files[file].written += bytes;
}

void rewind_file(const OpenFiles &open, int file)
{
    if (BufFileSeek(open.files[file].file, 0, 0, SEEK_SET) != 0)
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not rewind a temporary file: %m")));
}

std::size_t read_file(const OpenFiles &open, int file, void *data, std::size_t bytes)
{
    CHECK_FOR_INTERRUPTS();
    return static_cast<std::size_t>(BufFileRead(open.files[file].file, data, bytes));
}

void close_file(const OpenFiles &open, int file)
{
    BufFileClose(open.files[file].file);
    open.files[file].file = nullptr;
}

} // namespace datasurface::native

#include "native/caller.hpp"

#include "pg/compat.hpp"

namespace datasurface::native {

#ifdef DATASURFACE_SANITIZE

// The sanitizer sees the ends of what malloc gave, and not those of pieces of a memory context. The context frees it.
namespace {

struct Block {
    MemoryContextCallback callback;
    void *memory;
};

void free_block(void *argument)
{
    free(static_cast<Block *>(argument)->memory);
}

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

} // namespace

void ServerMemory::release(void *) {} // with the context: an early free would need a search

#else

namespace {

void *allocate_in(MemoryContext context, std::size_t bytes)
{
    return MemoryContextAllocHuge(context, bytes);
}

} // namespace

void ServerMemory::release(void *memory)
{
    if (memory != nullptr)
        pg::call([&] { pfree(memory); });
}

#endif

void *ServerMemory::allocate(std::size_t bytes)
{
    return pg::call([&] { return allocate_in(context_, bytes); });
}

void ServerMemory::poll()
{
    if (InterruptPending)
        pg::call([] { CHECK_FOR_INTERRUPTS(); });
}

int TemporaryFiles::put(BufFile *file)
{
    for (int i = 0; i < count_; ++i)
        if (files_[i].file == nullptr) {
            files_[i] = {file, 0};
            return i;
        }
    if (count_ == capacity_) {
        int const larger = capacity_ == 0 ? 64 : capacity_ * 2;
        auto *const grown = static_cast<File *>(MemoryContextAllocZero(context_, sizeof(File) * larger));
        if (files_ != nullptr)
            memcpy(grown, files_, sizeof(File) * count_);
        files_ = grown;
        capacity_ = larger;
    }
    files_[count_] = {file, 0};
    return count_++;
}

int TemporaryFiles::create()
{
    return pg::call([&] {
        MemoryContext const old = MemoryContextSwitchTo(context_);
        BufFile *const file = BufFileCreateTemp(false);
        MemoryContextSwitchTo(old);
        return put(file);
    });
}

int TemporaryFiles::adopt(BufFile *file)
{
    return pg::call([&] { return put(file); });
}

void TemporaryFiles::write(int file, const void *data, std::size_t bytes)
{
    pg::call([&] {
        CHECK_FOR_INTERRUPTS();
        pg::buffile_write(files_[file].file, data, bytes);
    });
    files_[file].written += bytes;
    written_ += bytes;
}

void TemporaryFiles::rewind(int file)
{
    pg::call([&] {
        if (BufFileSeek(files_[file].file, 0, 0, SEEK_SET) != 0)
            ereport(ERROR, (errcode_for_file_access(), errmsg("could not rewind a temporary file: %m")));
    });
}

std::size_t TemporaryFiles::read(int file, void *data, std::size_t bytes)
{
    return pg::call([&] {
        CHECK_FOR_INTERRUPTS();
        return static_cast<std::size_t>(BufFileRead(files_[file].file, data, bytes));
    });
}

void TemporaryFiles::close(int file)
{
    pg::call([&] {
        BufFileClose(files_[file].file);
        files_[file].file = nullptr;
    });
}

void TemporaryFiles::close_all()
{
    for (int file = 0; file < count_; ++file)
        if (files_[file].file != nullptr)
            close(file);
}

} // namespace datasurface::native

#include "native/caller.hpp"

namespace datasurface::native {

void ServerMemory::release(void *memory)
{
    if (memory != nullptr)
        pg::call([&] { release_memory(memory); });
}

void *ServerMemory::allocate(std::size_t bytes)
{
    return pg::call([&] { return allocate_in(context_, bytes); });
}

void ServerMemory::poll()
{
    if (InterruptPending)
        pg::call([] { CHECK_FOR_INTERRUPTS(); });
}

int TemporaryFiles::create()
{
    return pg::call([&] { return create_file(open_); });
}

int TemporaryFiles::adopt(BufFile *file)
{
    return pg::call([&] { return put_file(open_, file); });
}

void TemporaryFiles::write(int file, const void *data, std::size_t bytes)
{
    pg::call([&] { write_file(open_, file, data, bytes); });
    written_ += bytes;
}

void TemporaryFiles::rewind(int file)
{
    pg::call([&] { rewind_file(open_, file); });
}

std::size_t TemporaryFiles::read(int file, void *data, std::size_t bytes)
{
    return pg::call([&] { return read_file(open_, file, data, bytes); });
}

void TemporaryFiles::close(int file)
{
    pg::call([&] { close_file(open_, file); });
}

void TemporaryFiles::close_all()
{
    for (int file = 0; file < open_.count; ++file)
        if (open_.files[file].file != nullptr)
            close(file);
}

} // namespace datasurface::native

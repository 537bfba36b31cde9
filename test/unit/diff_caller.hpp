// Memory and files for tests of the kernel, which count and can end everything.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <vector>

#include "diff/caller.hpp"

namespace datasurface::diff {

struct Cancelled : std::runtime_error {
    Cancelled() : std::runtime_error("cancelled") {}
};

// From malloc, so that a sanitizer sees an overrun; filled with what nobody may take for zeros.
struct TestMemory final : Memory {
    TestMemory() = default;
    TestMemory(const TestMemory &) = delete;
    TestMemory &operator=(const TestMemory &) = delete;
    ~TestMemory()
    {
        for (auto const &block : blocks)
            std::free(block.first);
    }

    void *allocate(std::size_t bytes) override
    {
        void *const memory = std::malloc(bytes);
        std::memset(memory, 0xA5, bytes);
        blocks[memory] = bytes;
        in_use += bytes;
        peak = std::max(peak, in_use);
        largest = std::max(largest, bytes);
        ++allocations;
        return memory;
    }

    void release(void *memory) override
    {
        if (memory == nullptr)
            return;
        auto const block = blocks.find(memory);
        if (block == blocks.end())
            throw std::logic_error("not allocated, or released before");
        in_use -= block->second;
        blocks.erase(block);
        std::free(memory);
    }

    void poll() override
    {
        if (++polls == polls_until_cancel)
            throw Cancelled();
    }

    std::map<void *, std::size_t> blocks;
    std::size_t in_use = 0;
    std::size_t peak = 0;
    std::size_t largest = 0;
    std::uint64_t allocations = 0;
    std::uint64_t polls = 0;
    std::uint64_t polls_until_cancel = 0; // 0: never
};

// Strict: a file is written, then rewound, then read, then closed.
struct TestFiles final : Files {
    struct File {
        std::vector<char> bytes;
        std::size_t position = 0;
        bool reading = false;
        bool open = true;
    };

    int create() override
    {
        files.emplace_back();
        most_open = std::max(most_open, open());
        return static_cast<int>(files.size()) - 1;
    }

    void write(int file, const void *data, std::size_t bytes) override
    {
        File &to = at(file);
        if (to.reading)
            throw std::logic_error("written after it was rewound");
        auto const *const begin = static_cast<const char *>(data);
        to.bytes.insert(to.bytes.end(), begin, begin + bytes);
        written += bytes;
        ++writes;
    }

    void rewind(int file) override
    {
        at(file).reading = true;
        at(file).position = 0;
    }

    std::size_t read(int file, void *data, std::size_t bytes) override
    {
        File &from = at(file);
        if (!from.reading)
            throw std::logic_error("read before it was rewound");
        std::size_t const part = std::min(bytes, from.bytes.size() - from.position);
        if (part > 0)
            std::memcpy(data, from.bytes.data() + from.position, part);
        from.position += part;
        return part;
    }

    void close(int file) override
    {
        File &closed = at(file);
        closed.open = false;
        std::vector<char>().swap(closed.bytes);
    }

    std::size_t open() const
    {
        return static_cast<std::size_t>(
            std::count_if(files.begin(), files.end(), [](const File &file) { return file.open; }));
    }

    File &at(int file)
    {
        File &found = files.at(static_cast<std::size_t>(file));
        if (!found.open)
            throw std::logic_error("closed before");
        return found;
    }

    std::vector<File> files;
    std::size_t most_open = 0;
    std::uint64_t written = 0; // bytes
    std::uint64_t writes = 0;
};

} // namespace datasurface::diff

// Private to the native room: hands out staged rows by their places, some thousand in one part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "merge/plan_changes.hpp"

namespace datasurface::native {

class Parts {
public:
    // rows: of a part
    Parts(const shape::Shape &shape, std::size_t rows, std::function<void(const merge::RowSource &)> body);

    void add(std::uint64_t place);
    void finish(); // hands out the last part

private:
    const shape::Shape &shape_;
    std::size_t rows_;
    std::function<void(const merge::RowSource &)> body_;
    std::string tids_; // the text of a tid[], without its end
    std::size_t count_ = 0;
};

} // namespace datasurface::native

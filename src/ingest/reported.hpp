// Rows on their way into a staging table: the view merge_progress shows how many have come.
#pragma once

#include "heap/arriving.hpp"
#include "native/progress.hpp"
#include "shape/tables.hpp"

namespace datasurface::ingest {

// Whoever stages the rows, shows that they are received. It ends with the object; after an error, with the (sub)transaction.
class Receipt {
public:
    Receipt(const shape::Shape &shape, int batch);
    Receipt(const Receipt &) = delete;
    Receipt &operator=(const Receipt &) = delete;
    ~Receipt() { native::show_nothing(); }

    void note(const heap::Arriving &rows, int count);

private:
    native::Progress progress_{};
};

class Reported final : public heap::Arriving {
public:
    // Both must live as long.
    Reported(heap::Arriving &rows, Receipt &receipt) : rows_(rows), receipt_(receipt) { receipt_.note(rows_, 0); }

    heap::ArrivingRows next() override;
    void close() override { rows_.close(); }
    std::int64_t bytes() const override { return rows_.bytes(); }

private:
    heap::Arriving &rows_;
    Receipt &receipt_;
};

} // namespace datasurface::ingest

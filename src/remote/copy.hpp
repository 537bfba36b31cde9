// The rows of a dataset as they come from a source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heap/arriving.hpp"
#include "remote/connection.hpp"
#include "remote/plan_copy.hpp"
#include "shape/tables.hpp"

namespace datasurface::remote {

struct Decoder;

// A column that a query at a source gives.
struct Given {
    std::string name;
    ColumnType type;
    std::string type_name; // as format_type spells it; empty: it is not built in, or this server does not have it
};

// The copy is whole when next() has given no more rows: the source has sent its end, and has counted as many rows as have come.
class Copy final : public heap::Arriving {
public:
    // query: a plain SELECT at the source, which gives all columns of the shape among `given`. To be made and read as the shape's owner.
    Copy(Connection &connection, const shape::Shape &shape, const std::string &query, const std::vector<Given> &given);
    ~Copy() override;

    heap::ArrivingRows next() override;
    void close() override;
    std::int64_t bytes() const override { return connection_.received() - received_before_; }

    std::int64_t rows() const;

private:
    void receive();
    void forget_messages() noexcept;
    void end();

    Connection &connection_;
    std::string what_;
    Decoder *decoder_ = nullptr;
    char *messages_[heap::arriving_batch] = {};
    int sizes_[heap::arriving_batch] = {};
    int count_ = 0;
    bool received_all_ = false;
    std::int64_t const received_before_;
};

} // namespace datasurface::remote

// The tables of a dataset as values: which columns, in which order.
#pragma once

#include <string>
#include <vector>

#include "model/types.hpp"
#include "shape/names.hpp"
#include "shape/type.hpp"

namespace datasurface::shape {

struct Column {
    std::string name;
    Type type;
    std::string description;
    bool nullable = true;
    bool key = false;
};

// A dataset with all that plans need: its names, and its columns in the order of its tables.
struct Shape {
    std::string store;
    std::string dataset;
    std::string owner; // role that the tables belong to; whatever touches them runs as this role
    Names names;
    std::vector<Column> columns;
    std::vector<std::string> primary_key; // in the order of the key index
    bool milestoned = false;
    bool staging_logged = true; // others write to it; what a pull fills may be lost in a crash
    model::DuplicateKeys duplicate_keys = model::DuplicateKeys::error;
    int fillfactor = 90;
    bool history_key_index = true;
    std::string description;

    const Column &column(const std::string &name) const;
    std::vector<std::string> column_names() const; // unquoted
};

// Names of all columns of the staging table, and of the merge and history tables.
std::vector<std::string> staging_columns(const Shape &shape);
std::vector<std::string> merge_columns(const Shape &shape);

// dataset "orders" of store "crm", for messages
std::string title(const Shape &shape);

// types: of the dataset's columns, in their order. Columns come in the order of the model.
Shape make_shape(const model::Store &store, const model::Dataset &dataset, const std::vector<Type> &types);

// The same with the columns in the order of `existing` names, new ones last: what CREATE OR REPLACE VIEW asks for.
void order_columns(Shape &shape, const std::vector<std::string> &existing);

} // namespace datasurface::shape

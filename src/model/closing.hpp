// Private to the model: what the checks of an object see of it when all its members have been read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/frame.hpp"
#include "model/report.hpp"
#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// What is needed only while the document is read.
struct Notes {
    // What each says of brakes and held batches; null: nothing.
    std::shared_ptr<Rules> of_model;
    std::map<std::size_t, std::shared_ptr<Rules>> of_stores; // those before the current one, by position
    std::shared_ptr<Rules> of_store;                         // the current ones
    std::shared_ptr<Rules> of_dataset;

    std::string was; // the former name of the current credential, source, store or workspace; empty: none
    std::map<std::size_t, std::string> credentials_were;
    std::map<std::size_t, std::string> sources_were;
    std::map<std::size_t, std::string> stores_were;
    std::map<std::size_t, std::string> workspaces_were;

    std::vector<bool> said_nullable;      // by column of the current dataset: "nullable" is given as true
    std::string from;                     // the table that the current dataset is read from, as it is written
    std::shared_ptr<From> of_from;        // the rest of it; null: nothing is said
    std::shared_ptr<Watermark> watermark; // of the current dataset; null: nothing is said
    bool sees_deletes = false;            // it says how deleted rows are found
    bool has_from = false;                // the current dataset's ingestion names a table
    bool knows_kind = false;              // the kind of the current dataset's ingestion could be read
    std::vector<bool> knows_ingestion;    // the same for each dataset of the current store
    std::vector<bool> says_first_load;    // of each dataset of the current store: it does not take its store's
    std::optional<FirstLoad> first_load;  // what the current store says of it
};

class Reader;

// An object whose members have all been read.
class Closing {
public:
    Closing(const Reader &reader, const Shape &shape, const Frame &frame, Report &report, Notes &notes)
        : report(report), notes(notes), reader(reader), shape(shape), frame(frame)
    {
    }

    bool knows(std::string_view member) const; // the shape has it
    bool has(std::string_view member) const;
    bool could_read(std::string_view member) const;
    bool has_unknown() const; // members that the shape does not have, which are reported
    Pointer at() const;
    Pointer at(std::string_view member) const { return at() / member; }
    std::size_t index() const; // in the list that holds it
    std::string_view what() const { return shape.what; }

    void note_former_name(std::map<std::size_t, std::string> &were); // of the current entry

    void want_description(const std::string &text); // warns when the object's description is blank

    Report &report;
    Notes &notes;

private:
    std::uint32_t bit(std::string_view member) const;

    const Reader &reader;
    const Shape &shape;
    const Frame &frame;
};

} // namespace datasurface::model

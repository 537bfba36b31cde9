// JSON text to model values. Everything is read, whatever is wrong, so that all problems are told at once.
#pragma once

#include <string>
#include <string_view>

#include "base/interrupts.hpp"
#include "model/types.hpp"

namespace datasurface::model {

struct Parsed {
    Model model; // entries keep their positions, so that an index here is the index in the document
    Problems problems;
    bool is_whole = true; // false: the model is empty or cut short, so nothing follows from what it lacks
};

// Reads a whole document: syntax (with line and column), depth, duplicate members, unknown members, wrong types,
// missing members, unknown words; values in the order of the document, and of an object last what it lacks. A syntax
// error is one problem, and the model is empty then.
Parsed parse(std::string_view text, CheckInterrupts check_interrupts = never_interrupted);

// Back from what write.hpp gives. Throws Error (XX000) when the text is not that.
Store store_from_json(std::string_view text);
Access access_from_json(std::string_view text);
Dataset dataset_from_json(std::string_view text);
Workspace workspace_from_json(std::string_view text);

} // namespace datasurface::model

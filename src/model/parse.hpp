// Reads JSON text into model values. Reading goes on after a problem, so that all problems are reported at once.
#pragma once

#include <string>
#include <string_view>

#include "base/interrupts.hpp"
#include "model/types.hpp"

namespace datasurface::model {

struct Parsed {
    Model model; // entries keep their positions: an index here is the index in the document
    Problems problems;
    bool is_whole = true; // false: the model is empty or incomplete, so an entry that is absent may be in the document
};

// Reads a whole document and reports syntax errors (with line and column), excessive depth, duplicate, unknown and missing
// members, wrong types and unknown words. Problems are in the order of the document; missing members come at the end of their
// object. A syntax error is the only problem reported, and the model is empty then.
Parsed parse(std::string_view text, CheckInterrupts check_interrupts = never_interrupted);

// Reads a text that write.hpp wrote. Throws XX000 for any other text.
Store store_from_json(std::string_view text);
Access access_from_json(std::string_view text);
Dataset dataset_from_json(std::string_view text);
Workspace workspace_from_json(std::string_view text);
Source source_from_json(std::string_view text);
Credential credential_from_json(std::string_view text);

} // namespace datasurface::model

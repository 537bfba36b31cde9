// Private to the model: the text of a document as the parser gets it. Of white space between its values only the first and the last
// character are given: the parser keeps what it skips, several times over when it reports an error. Cancels are let
// through, however long a text or a run of white space is.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

#include "base/interrupts.hpp"

namespace datasurface::model {

class Condensed {
public:
    Condensed(std::string_view text, CheckInterrupts check_interrupts) : text(text), check_interrupts(check_interrupts)
    {
    }

    bool at_end() const { return at == text.size(); }
    char give(); // the next character for the parser; not at the end

    // Where a character stands in the text, by how many characters were given before it. It is the last one that was given, or
    // the one before.
    std::size_t place_of(std::size_t given) const { return given + left_out; }

    // So much work was done, in bytes of text that take as long to read.
    void count(std::size_t bytes);

private:
    void skip_white_space();

    std::string_view text;
    CheckInterrupts check_interrupts;
    std::size_t at = 0;
    std::size_t left_out = 0;
    std::size_t since_check = 0; // bytes
    bool in_string = false;
    bool escaped = false; // in a string, behind a backslash
    bool blank = false;   // the last one given is white space between values
};

// The same for the parser's interface, by reference.
class CondensedIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char *;
    using reference = char;

    CondensedIterator() = default; // the end
    explicit CondensedIterator(Condensed &document) : document(&document) {}

    char operator*() const { return document->give(); }
    CondensedIterator &operator++() { return *this; } // giving goes on by itself
    bool operator==(const CondensedIterator &other) const { return at_end() == other.at_end(); }

private:
    bool at_end() const { return document == nullptr || document->at_end(); }

    Condensed *document = nullptr;
};

} // namespace datasurface::model

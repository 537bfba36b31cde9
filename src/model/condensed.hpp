// Private to the model: the text of a document as the parser gets it. Of a run of white space between values, only the first
// and the last character are passed on: the parser keeps the white space that it skips, and copies it several times when it
// reports an error. A query cancel is handled even within a long text or a long run of white space.
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

    // The offset in the text of a character. given: the characters passed on before it. Known for the last one passed on and
    // for the one before it.
    std::size_t place_of(std::size_t given) const { return given + left_out; }

    // Counts work, in bytes of text that take as long to read.
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
    bool blank = false;   // the last character passed on is white space between values
};

// An iterator over it, which the parser's interface needs. It holds a reference.
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
    CondensedIterator &operator++() { return *this; } // reading the character advances already
    bool operator==(const CondensedIterator &other) const { return at_end() == other.at_end(); }

private:
    bool at_end() const { return document == nullptr || document->at_end(); }

    Condensed *document = nullptr;
};

} // namespace datasurface::model

// Private to the model: takes the values of a document as the parser meets them, says what is wrong with each, and puts it
// where its slot says. It holds the objects and lists that are open, and nothing else of the document.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/report.hpp"
#include "model/slot.hpp"

namespace datasurface::model {

inline constexpr std::size_t deepest = 64; // levels

// What is known of a store while it is read, and of no use later.
struct Notes {
    std::vector<bool> said_nullable;   // by column of the dataset being read: on purpose, and not by default
    bool knows_kind = false;           // of the dataset being read: could the kind of its ingestion be read?
    std::vector<bool> knows_ingestion; // the same by dataset of the store being read
};

// An object or list that is open.
struct Frame {
    Slot slot; // an Object, a List, or Ignored
    bool is_list;
    std::size_t count = 0;                          // items of a list so far
    std::string key = {};                           // of the member being read
    Slot next = Ignored();                          // where that member goes
    std::uint32_t member = 0;                       // its bit, when its object knows it
    bool is_guess = false;                          // it was misspelled
    std::uint32_t given = 0;                        // members by position in their shape
    std::uint32_t guessed = 0;                      // members that a misspelled one was meant for
    std::uint32_t taken = 0;                        // members that could be read
    std::set<std::string, std::less<>> others = {}; // members that the object does not know
};

class Reader;

// An object whose members have all been read.
class Closing {
public:
    Closing(const Reader &reader, const Shape &shape, const Frame &frame, Report &report, Notes &notes)
        : report(report), notes(notes), reader(reader), shape(shape), frame(frame)
    {
    }

    bool has(std::string_view member) const;
    bool could_read(std::string_view member) const;
    Pointer at() const;
    Pointer at(std::string_view member) const { return at() / member; }
    std::size_t index() const; // in the list that holds it
    std::string_view what() const { return shape.what; }

    void want_description(const std::string &text); // its own: a warning when there is none

    Report &report;
    Notes &notes;

private:
    std::uint32_t bit(std::string_view member) const;

    const Reader &reader;
    const Shape &shape;
    const Frame &frame;
};

class Reader {
public:
    Reader(const Slot &root, Report &report) : root(root), report(report) {}

    void null();
    void boolean(bool value);
    void number(double value);
    void text(std::string &value); // may be changed
    void key(std::string &name);   // may be changed
    // False when this is too deep.
    bool open_object();
    bool open_list();
    void close();

    Pointer here() const;              // of the value that is read
    std::size_t index_in_list() const; // of the object that is closed

private:
    Slot next();
    Slot next_item(Frame &frame);
    void known_member(Frame &frame, const Object &object, std::size_t position, bool is_guess);
    void unknown_member(Frame &frame, const Object *object);
    void report_duplicate(const std::string &name);
    void took();
    void tell(Severity severity, std::string_view code, std::string message, std::string hint = {}); // of what is read
    void tell_of_nul();
    void refuse(const Slot &wanted, std::string_view found);
    void take_text(const Text &text, const std::string &value);
    void take_word(const Word &wanted, const std::string &value);
    void take_number(const Integer &wanted, double value);
    void close_list(const List &list, std::size_t count);
    void close_object(const Object &object, const Frame &frame);

    Slot root;
    Report &report;
    Notes notes;
    std::vector<Frame> open;
};

// Reports a text that is blank or too long. False when it is blank.
bool check_text(const std::string &value, const BlankText &if_blank, std::size_t longest, const Pointer &at,
                Report &report);

} // namespace datasurface::model

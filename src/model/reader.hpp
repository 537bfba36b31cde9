// Private to the model: takes the values of a document as the parser reads them, reports problems, and stores each value
// through its slot. Of the document it holds only the objects and lists that are open.
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

// Facts of a store that are needed only while it is read.
struct Notes {
    std::vector<bool> said_nullable;   // by column of the current dataset: "nullable" is given as true
    bool knows_kind = false;           // the kind of the current dataset's ingestion could be read
    std::vector<bool> knows_ingestion; // the same for each dataset of the current store
};

// An object or list that is open.
struct Frame {
    Slot slot; // an Object, a List, or Ignored
    bool is_list;
    std::size_t count = 0;                          // items of a list so far
    std::string key = {};                           // of the current member
    Slot next = Ignored();                          // where the current member's value goes
    std::uint32_t member = 0;                       // bit of the current member; 0: unknown
    bool is_guess = false;                          // the current member was misspelled
    std::uint32_t given = 0;                        // members that are given, by position in the object's shape
    std::uint32_t guessed = 0;                      // members that a misspelled one stands for
    std::uint32_t taken = 0;                        // members whose value could be read
    std::set<std::string, std::less<>> others = {}; // names of unknown members
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

    void want_description(const std::string &text); // warns when the object's description is blank

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
    void text(std::string &value); // may change the value
    void key(std::string &name);   // may change the name
    // False when the document is nested too deep.
    bool open_object();
    bool open_list();
    void close();

    Pointer here() const;              // to the current value
    std::size_t index_in_list() const; // of the object being closed

private:
    Slot next();
    Slot next_item(Frame &frame);
    void known_member(Frame &frame, const Object &object, std::size_t position, bool is_guess);
    void unknown_member(Frame &frame, const Object *object);
    void report_duplicate(const std::string &name);
    void took();
    void add_problem(Severity severity, std::string_view code, std::string message, std::string hint = {}); // at here()
    void report_nul();
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

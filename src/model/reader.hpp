// Private to the model: takes the values of a document as the parser reads them, reports problems, and stores each value
// through its slot. Of the document it holds only the objects and lists that are open.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/closing.hpp"
#include "model/frame.hpp"
#include "model/report.hpp"
#include "model/slot.hpp"

namespace datasurface::model {

inline constexpr std::size_t deepest = 64; // levels

class Reader {
public:
    Reader(const Slot &root, Report &report) : root(root), report(report) {}

    void null();
    void boolean(bool value);
    void number(double value, const std::string &digits); // digits: as they are written
    void text(std::string &value);                        // may change the value
    void key(std::string &name);                          // may change the name
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
    void count_instead(Frame &frame, const RefusedMember &refused);
    void report_duplicate(const std::string &name);
    void took();
    void add_problem(Severity severity, std::string_view code, std::string message, std::string hint = {}); // at here()
    void report_nul();
    void refuse(const Slot &wanted, std::string_view found);
    void take_text(const Text &text, const std::string &value);
    void take_word(const Word &wanted, const std::string &value);
    void take_number(const Number &wanted, double value);
    void take_scalar(const Scalar &scalar, const std::string &value);
    void close_list(const List &list, std::size_t count);
    void close_object(const Object &object, const Frame &frame);

    Slot root;
    Report &report;
    Notes notes;
    std::vector<Frame> open;
};

} // namespace datasurface::model

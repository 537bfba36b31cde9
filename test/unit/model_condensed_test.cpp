// White space between values is read over: it takes no memory, lets a cancel through, and moves the place of no error.

#include <algorithm>

#include <gtest/gtest.h>

#include "model/condensed.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

std::string condensed(const std::string &text)
{
    Condensed document(text, never_interrupted);
    std::string given;
    while (!document.at_end())
        given += document.give();
    return given;
}

std::string syntax_message(const std::string &text)
{
    Problems const problems = parse(text).problems;
    return problems.size() == 1 ? problems.front().message : "";
}

const std::string blanks(1000, ' ');
const std::string lines_and_tabs = "\n\n\n\t\t\r\n  \n";

} // namespace

TEST(Condensed, GivesTheFirstAndTheLastOfARunOfWhiteSpace)
{
    EXPECT_EQ(condensed("{}"), "{}");
    EXPECT_EQ(condensed(" { \n } "), " {  } ");
    EXPECT_EQ(condensed("\t\n\r {" + blanks + "\"a\":" + lines_and_tabs), "\t {  \"a\":\n\n");
    EXPECT_EQ(condensed(blanks), "  ");
}

TEST(Condensed, GivesTextsWhole)
{
    std::string const text = "\"  a" + blanks + "\\\"" + blanks + "\\\\\"";
    EXPECT_EQ(condensed(text), text);
    EXPECT_EQ(condensed(text + blanks + text), text + "  " + text);
}

TEST(Condensed, KnowsWhereACharacterStands)
{
    Condensed document("[    1,    ", never_interrupted);
    std::size_t const places[] = {0, 1, 4, 5, 6, 7, 10};
    for (std::size_t given = 0; given < std::size(places); ++given) {
        document.give();
        EXPECT_EQ(document.place_of(given), places[given]);
    }
    EXPECT_TRUE(document.at_end());
}

TEST(Condensed, ErrorsStandWhereTheyStood)
{
    for (const std::string &space : {std::string("\n"), "\n" + blanks + "\n", lines_and_tabs + "\n"}) {
        auto const last = 1 + std::count(space.begin(), space.end(), '\n');
        std::string const line = "line " + std::to_string(last) + ", column ";
        EXPECT_EQ(syntax_message(space + "x" + space).substr(0, line.size() + 2), line + "1:");
        EXPECT_EQ(syntax_message("{" + space + "  \"a\" 17}").substr(0, line.size() + 2), line + "7:");
        EXPECT_EQ(syntax_message("[12" + space + "  345" + space).substr(0, line.size() + 2), line + "3:");
        EXPECT_EQ(syntax_message("{\"a  \\\" \": tru" + space).substr(0, 18), "line 1, column 12:");
        EXPECT_EQ(syntax_message("{12" + space + "}").substr(0, 17), "line 1, column 2:");
        EXPECT_EQ(syntax_message("[-" + space + "]").substr(0, 17), "line 1, column 2:");
        EXPECT_EQ(syntax_message("{\"a\": [" + space).substr(0, line.size() + 2), line + "1:");
    }
}

} // namespace datasurface::model

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace datasurface {

TEST(Text, WhatFitsIsNotCut)
{
    EXPECT_EQ(cut("", 20), "");
    EXPECT_EQ(cut("12345678901234567890", 20), "12345678901234567890");
}

TEST(Text, WhatIsCutSaysSo)
{
    EXPECT_EQ(cut("123456789012345678901", 20), "1234567890 ... (cut)");
    EXPECT_EQ(cut(std::string(1000, 'x'), 20).size(), 20u);
}

TEST(Text, ACharacterIsWholeOrNotThere)
{
    // one, two, three and four bytes at the place of the cut
    EXPECT_EQ(cut("123456789z12345678901", 20), "123456789z ... (cut)");
    EXPECT_EQ(cut("123456789ж12345678901", 20), "123456789 ... (cut)");
    EXPECT_EQ(cut("12345678ж12345678901", 20), "12345678ж ... (cut)");
    EXPECT_EQ(cut("12345678€12345678901", 20), "12345678 ... (cut)");
    EXPECT_EQ(cut("1234567😀12345678901", 20), "1234567 ... (cut)");
    EXPECT_EQ(cut("123456😀123456789012", 20), "123456😀 ... (cut)");
}

TEST(Text, WholeCharactersFitIntoTheSize)
{
    EXPECT_EQ(whole_characters("", 0), "");
    EXPECT_EQ(whole_characters("ж", 2), "ж");
    EXPECT_EQ(whole_characters("ж", 1), "");
    EXPECT_EQ(whole_characters("aж€😀", 5), "aж");
    EXPECT_EQ(whole_characters("aж€😀", 6), "aж€");
    EXPECT_EQ(whole_characters("aж€😀", 9), "aж€");
    EXPECT_EQ(whole_characters("aж€😀", 100), "aж€😀");
}

TEST(Text, SmallLettersAreThoseOfAscii)
{
    EXPECT_EQ(in_small_letters("VarChar2(10)"), "varchar2(10)");
    EXPECT_EQ(in_small_letters("GRÖSSE"), "grÖsse");
}

} // namespace datasurface

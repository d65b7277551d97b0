package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NumbersTest {
  @Test
  void fraction_ofAnySign_isInLowestTerms() {
    assertThat(Fraction.of(6, -4)).isEqualTo(Fraction.of(-3, 2)).hasToString("-1.5");
    assertThat(Fraction.of(140, 31)).hasToString("140/31");
    assertThat(Fraction.of(new BigDecimal("1E+3"))).hasToString("1000");
    assertThat(Fraction.of(1, 1024)).hasToString("0.0009765625");
    assertThat(Fraction.of(1, 3).plus(Fraction.of(1, 6))).isEqualTo(Fraction.of(1, 2));
    assertThat(Fraction.of(1, 3)).isLessThan(Fraction.parse("0.34"));
  }

  @Test
  void money_writesWhatItReads() {
    for (String text : List.of("12.50 USD", "-0.01 USD", "980 JPY", "5.126 KWD", "0.00 EUR")) {
      assertThat(Money.parse(text)).hasToString(text);
    }
  }

  @Test
  void money_ofEqualAmounts_isEqual() {
    assertThat(Money.of("USD", "1")).isEqualTo(Money.of("USD", "1.00"));
    assertThat(Money.of("USD", new BigDecimal("1E+2"))).hasToString("100.00 USD");
    assertThat(Money.of("USD", "1")).isNotEqualTo(Money.of("EUR", "1"));
    assertThat(Money.ofMinorUnits("USD", BigInteger.TEN)).hasToString("0.10 USD");
  }

  @Test
  void money_ofHalves_goesAwayFromZero() {
    assertThat(Money.rounded("USD", Fraction.of(5, 1000))).hasToString("0.01 USD");
    assertThat(Money.rounded("USD", Fraction.of(-5, 1000))).hasToString("-0.01 USD");
    assertThat(Money.rounded("KWD", Fraction.parse("0.0005"))).hasToString("0.001 KWD");
    assertThat(Money.rounded("JPY", Fraction.of(1, 2))).hasToString("1 JPY");
    assertThat(Money.rounded("USD", Fraction.of(14, 1000))).hasToString("0.01 USD");
  }

  @Test
  void quantity_ofEqualNumbers_isEqual() {
    assertThat(Quantity.parse("1.50")).isEqualTo(Quantity.parse("1.5")).hasToString("1.5");
    assertThat(Quantity.of(new BigDecimal("1E+3"))).hasToString("1000");
    assertThat(Quantity.parse("9007199254740992")).isEqualTo(Quantity.MAX);
    assertThat(Quantity.parse("0.000000000000000001")).hasToString("0.000000000000000001");
  }

  @Test
  void split_ofANegativeAmount_isThatOfThePositiveOne() {
    List<Fraction> thirds = List.of(Fraction.ONE, Fraction.ONE, Fraction.ONE);
    assertThat(Split.of(Money.parse("-0.05 USD"), thirds))
        .hasToString("[-0.02 USD, -0.02 USD, -0.01 USD]");
    assertThat(Split.of(new BigDecimal("100"), 0, thirds)).hasToString("[34, 33, 33]");
  }

  @Test
  void split_ofNothing_needsNoWeight() {
    assertThat(Split.of(Money.zero("USD"), List.of(Fraction.ZERO, Fraction.ZERO)))
        .hasToString("[0.00 USD, 0.00 USD]");
  }

  @Test
  void cashRounding_ofHalves_goesAwayFromZero() {
    CashRounding rounding = new CashRounding(Money.parse("0.05 CHF"));
    assertThat(rounding.of(Money.parse("12.42 CHF"))).hasToString("12.40 CHF");
    assertThat(rounding.of(Money.parse("12.43 CHF"))).hasToString("12.45 CHF");
    assertThat(rounding.of(Money.parse("-12.43 CHF"))).hasToString("-12.45 CHF");
    CashRounding krone = new CashRounding(Money.parse("1.00 DKK"));
    assertThat(krone.of(Money.parse("2.50 DKK"))).hasToString("3.00 DKK");
  }

  @Test
  void tax_insideAPrice_isTheRestOfItsNet() {
    TaxRate rate = TaxRate.of("S", "19");
    assertThat(rate.includedIn(Money.parse("119.00 EUR"))).hasToString("19.00 EUR");
    assertThat(rate.includedIn(Money.parse("9.99 EUR"))).hasToString("1.60 EUR");
    assertThat(rate.on(Money.parse("8.39 EUR"))).hasToString("1.59 EUR");
  }
}

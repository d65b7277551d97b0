package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A tax that an amount is subject to. Lines with the same category, rate and components are one
 * group of an invoice.
 *
 * @param category the category, such as {@code S} for the standard rate
 * @param percent 0 to below 1000, at most 18 decimals
 * @param components the taxes that it consists of, each on the net amount and not on another tax;
 *     none for one tax without a name. Their percents add up to {@code percent}
 */
public record TaxRate(String category, BigDecimal percent, List<Component> components) {
  /** As many components as a rate may have. */
  public static final int MOST_COMPONENTS = 4;

  /** Checks all of it. */
  public TaxRate {
    Check.name("category", category);
    percent = Check.ratePercent("percent", percent);
    components = List.copyOf(components);
    check(percent, components);
  }

  /** A rate without components. */
  public TaxRate(String category, BigDecimal percent) {
    this(category, percent, List.of());
  }

  /** A rate in per cent, as a plain decimal. */
  public static TaxRate of(String category, String percent) {
    return new TaxRate(category, Check.decimal("percent", percent));
  }

  /** The rate that components add up to. */
  public static TaxRate of(String category, Component... components) {
    List<Component> all = List.of(components);
    return new TaxRate(category, sum(all), all);
  }

  private static void check(BigDecimal percent, List<Component> components) {
    if (components.isEmpty()) {
      return;
    }
    if (components.size() > MOST_COMPONENTS) {
      throw new RatingInputException("components", "at most " + MOST_COMPONENTS, components.size());
    }
    if (components.stream().map(Component::name).distinct().count() < components.size()) {
      throw new RatingInputException("components", "of different names", components);
    }
    BigDecimal sum = sum(components);
    if (sum.compareTo(percent) != 0) {
      throw new RatingInputException(
          "components", "in sum " + percent.toPlainString(), sum.toPlainString());
    }
  }

  private static BigDecimal sum(List<Component> components) {
    return components.stream().map(Component::percent).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The tax on a base, in minor units: of components the sum of their taxes. */
  public Money on(Money base) {
    return components.isEmpty()
        ? tax(percent, base)
        : parts(base).stream().reduce(Money.zero(base.currency()), Money::plus);
  }

  /** The tax of each component on a base, each rounded by itself; none without components. */
  public List<Money> parts(Money base) {
    return components.stream().map(component -> component.on(base)).toList();
  }

  private static Money tax(BigDecimal percent, Money base) {
    Fraction exact = base.exactly().times(Fraction.of(percent)).dividedBy(Fraction.of(100));
    return Money.rounded(base.currency(), exact);
  }

  /**
   * The tax inside an amount that includes it, in minor units; the rest is the net amount. An
   * option for prices that include tax. It is rounded once, also of a rate with components.
   */
  public Money includedIn(Money gross) {
    Fraction whole = Fraction.of(percent).plus(Fraction.of(100));
    Fraction exact = gross.exactly().times(Fraction.of(percent)).dividedBy(whole);
    return Money.rounded(gross.currency(), exact);
  }

  /**
   * One of the taxes that a rate consists of, such as the GST of Canada and the PST of a province.
   *
   * @param name as documents show it: 1 to 32 letters, digits, spaces, dots, slashes and hyphens,
   *     and a letter first
   * @param percent above 0 and below 1000, at most 18 decimals
   */
  public record Component(String name, BigDecimal percent) {
    private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{N} ./-]{0,31}");

    /** Checks both. */
    public Component {
      if (!NAME.matcher(name).matches()) {
        throw new RatingInputException(
            "name",
            "1 to 32 letters, digits, spaces, dots, slashes and hyphens, with a letter first",
            '"' + name + '"');
      }
      percent = Check.ratePercent("percent", percent);
      if (percent.signum() == 0) {
        throw new RatingInputException("percent", "above 0", "0");
      }
    }

    /** A component with a rate in per cent, as a plain decimal. */
    public static Component of(String name, String percent) {
      return new Component(name, Check.decimal("percent", percent));
    }

    /** The tax on a base, in minor units. */
    public Money on(Money base) {
      return tax(percent, base);
    }
  }
}

package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * A price for each package of units. Packages are counted on the whole of the period, not on the
 * parts in which it is billed.
 *
 * @param size units in a package, above 0
 * @param price the price of one package
 * @param counted which packages are charged
 */
record PackagePrice(BigDecimal size, BigDecimal price, CountedPackages counted)
    implements PriceModel {

  /** Checks size and price. */
  PackagePrice {
    size = Check.positive("size", size);
    price = Check.price("price", price);
    Objects.requireNonNull(counted, "counted");
  }

  /** Started packages, with plain decimals. */
  static PackagePrice of(String size, String price) {
    return new PackagePrice(
        Check.decimal("size", size), Check.decimal("price", price), CountedPackages.STARTED);
  }

  List<Step> steps(Fraction units) {
    Fraction packages = units.dividedBy(Fraction.of(size));
    Fraction whole =
        counted == CountedPackages.STARTED
            ? Rounding.UP.apply(packages)
            : Rounding.DOWN.apply(packages);
    return List.of(Step.of(Step.Kind.PACKAGES, whole, Fraction.of(price)));
  }
}

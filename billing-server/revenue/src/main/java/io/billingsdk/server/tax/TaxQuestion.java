package io.billingsdk.server.tax;

import io.billingsdk.server.tax.TaxPlaces.Place;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a tax depends on. Immutable.
 *
 * @param registrations of the seller, valid on the day
 * @param day the tax point
 */
record TaxQuestion(
    Place seller, List<Registration> registrations, CustomerStatus customer, LocalDate day) {
  /** Copies the list. */
  TaxQuestion {
    registrations = List.copyOf(registrations);
  }

  /** For which tax a seller is registered. */
  enum Scheme {
    /** For the VAT of a country. */
    VAT,
    /** For the one-stop shop of the EU; the country is the one that it is registered in. */
    OSS,
    /** For the sales tax of a state of the United States, or the taxes of a province of Canada. */
    SALES_TAX;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The thing sold. */
  enum Supply {
    /** An electronic service. */
    DIGITAL,
    /** Another service. */
    SERVICE,
    /** Goods that are sent to the place of the customer. */
    GOODS;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The knowledge of a tax id. */
  enum IdStatus {
    /** There is none. */
    NONE,
    /** It is no number of any country, or has wrong check digits. */
    MALFORMED,
    /** Format and check digits are right; nobody asks an office. */
    UNCHECKED,
    /** The same; an office is being asked. */
    PENDING,
    /** The office knows it. */
    VALID,
    /** The office does not know it. */
    INVALID;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A registration of a seller.
   *
   * @param number the seller's tax id there
   */
  record Registration(Scheme scheme, Place place, String number) {}

  /**
   * Why a customer pays no tax.
   *
   * @param category {@code E} or {@code Z}
   * @param code of the list VATEX; null for none
   */
  record Exemption(String category, @Nullable String code, String reason) {}

  /**
   * The customer on the day.
   *
   * @param id null for a consumer, or if it is malformed
   */
  record CustomerStatus(
      Place place,
      @Nullable TaxNumber id,
      IdStatus idStatus,
      Supply supply,
      @Nullable Exemption exemption) {
    /** Whether it is a business of its place; an id of another country shows nothing about it. */
    boolean isBusiness() {
      return id != null
          && id.country().equals(place.country())
          && idStatus != IdStatus.INVALID
          && idStatus != IdStatus.MALFORMED;
    }
  }

  Optional<Registration> registration(Scheme scheme, Place place) {
    return registrations.stream()
        .filter(each -> each.scheme() == scheme && each.place().equals(place))
        .findFirst();
  }

  Optional<Registration> registration(Scheme scheme) {
    return registrations.stream().filter(each -> each.scheme() == scheme).findFirst();
  }
}

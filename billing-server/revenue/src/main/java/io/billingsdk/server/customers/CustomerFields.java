package io.billingsdk.server.customers;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fields of customers and sellers may be, each rule in one place. */
final class CustomerFields {
  static final int NAME_CHARS = Bounds.NAME_CHARS;
  static final int REGION_CHARS = 64;
  static final int MOST_TAX_IDS = 8;
  static final int TAX_ID_CHARS = 64;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern TAX_TYPE = Pattern.compile("[a-z0-9_]{1,32}");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

  // Names of zones whose rules are one offset for ever.
  private static final Pattern OFFSET = Pattern.compile("(Etc/)?(GMT|UTC|UT)[+-]?[0-9]+");

  private CustomerFields() {}

  static String id(String field, String id) {
    require(ID.matcher(id).matches(), field, "1 to 64 of A-Z a-z 0-9 _ . -");
    return id;
  }

  static String name(String field, String name) {
    return text(field, name, NAME_CHARS);
  }

  static String text(String field, String text, int chars) {
    require(
        !text.isBlank()
            && text.length() <= chars
            && Bounds.isWellFormedText(text)
            && !KeyMask.isIn(text),
        field,
        "a text of 1 to " + chars + " characters");
    return text;
  }

  static String currency(String code) {
    try {
      return Money.zero(code).currency();
    } catch (RatingInputException refused) {
      throw RequestRefusedException.invalid(refused.field(), refused.expectation());
    }
  }

  static ZoneId zone(String id) {
    require(
        ZoneId.getAvailableZoneIds().contains(id)
            && !OFFSET.matcher(id).matches()
            && !id.startsWith("SystemV/"),
        "zone",
        "the id of a time zone, such as Europe/Berlin or UTC; an offset has no rules for summer");
    return ZoneId.of(id);
  }

  static String locale(String tag) {
    String expected = "the BCP 47 tag of a language, such as en, de-AT or zh-CN";
    try {
      Locale locale = new Locale.Builder().setLanguageTag(tag).build();
      require(LANGUAGES.contains(locale.getLanguage()) && tag.length() <= 35, "locale", expected);
      return locale.toLanguageTag();
    } catch (IllformedLocaleException malformed) {
      throw RequestRefusedException.invalid("locale", expected);
    }
  }

  static String country(String field, String code) {
    require(
        COUNTRIES.contains(code), field, "the ISO 3166 code of a country with two letters, as DE");
    return code;
  }

  static @Nullable TaxPlace taxPlace(@Nullable TaxPlace place) {
    if (place != null) {
      country("taxPlace.country", place.country());
      if (place.region() != null) {
        text("taxPlace.region", place.region(), REGION_CHARS);
      }
    }
    return place;
  }

  static List<TaxId> taxIds(List<TaxId> ids) {
    require(ids.size() <= MOST_TAX_IDS, "taxIds", "a list of at most " + MOST_TAX_IDS);
    for (int i = 0; i < ids.size(); i++) {
      String at = "taxIds[" + i + "].";
      require(
          TAX_TYPE.matcher(ids.get(i).type()).matches(),
          at + "type",
          "1 to 32 of a-z 0-9 _, such as eu_vat");
      text(at + "value", ids.get(i).value(), TAX_ID_CHARS);
    }
    return List.copyOf(ids);
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw RequestRefusedException.invalid(field, expected);
    }
  }
}

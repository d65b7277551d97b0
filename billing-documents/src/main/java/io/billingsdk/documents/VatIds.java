package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The numbers of a party as EN 16931 wants them. */
final class VatIds {
  private static final Pattern WITH_COUNTRY = Pattern.compile("[A-Z]{2}.+");

  private VatIds() {}

  /** BT-31 or BT-48: with the code of its country in front, which Greece spells EL. */
  static Optional<String> of(DocumentParty party) {
    return party.taxIds().stream()
        .filter(id -> isVat(id.type()))
        .findFirst()
        .map(id -> id.value().replace(" ", "").toUpperCase(Locale.ROOT))
        .map(value -> withCountry(value, party.country()));
  }

  /** BT-30 or BT-47: a number of another kind, such as one of a register of companies. */
  static Optional<String> registration(DocumentParty party) {
    return party.taxIds().stream()
        .filter(id -> !isVat(id.type()))
        .map(PartyTaxId::value)
        .findFirst();
  }

  private static boolean isVat(String type) {
    return type.equals("vat") || type.endsWith("_vat");
  }

  private static String withCountry(String value, @Nullable String country) {
    if (country == null || WITH_COUNTRY.matcher(value).matches()) {
      return value;
    }
    return (country.equals("GR") ? "EL" : country) + value;
  }
}

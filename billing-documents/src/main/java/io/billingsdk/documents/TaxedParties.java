package io.billingsdk.documents;

import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the taxes of lines know of the parties: the numbers by which they were decided, also where
 * nobody gave them to the party, and the country of the customer.
 */
final class TaxedParties {
  /** With its country in front; neither a number of a state, nor one of the EU as a whole. */
  private static final Pattern VAT = Pattern.compile("(?!EU)[A-Z]{2}[0-9A-Z+*]{2,}");

  /** The only rule whose country is not that of the customer. */
  private static final String RULE_OF_SELLER = "eu_home_rate";

  private TaxedParties() {}

  static DocumentParty seller(DocumentParty party, List<Fields> lines) {
    return with(party, texts(lines, "sellerTaxId"), party.country());
  }

  static DocumentParty customer(DocumentParty party, List<Fields> lines) {
    String country = party.country();
    return with(
        party,
        texts(lines, "customerTaxId"),
        country == null ? place(lines).orElse(null) : country);
  }

  private static Optional<String> place(List<Fields> lines) {
    return texts(
            lines.stream()
                .map(line -> line.object("tax"))
                .filter(tax -> !RULE_OF_SELLER.equals(tax.optional("rule"))),
            "country")
        .findFirst();
  }

  private static Stream<String> texts(List<Fields> lines, String field) {
    return texts(lines.stream().map(line -> line.object("tax")), field);
  }

  private static Stream<String> texts(Stream<Fields> taxes, String field) {
    return taxes.map(tax -> tax.optional(field)).filter(Objects::nonNull).map(String::valueOf);
  }

  /** The number that decided comes first; the others stay. */
  private static DocumentParty with(
      DocumentParty party, Stream<String> numbers, @Nullable String country) {
    List<PartyTaxId> ids = new ArrayList<>(party.taxIds());
    numbers
        .filter(number -> VAT.matcher(number).matches())
        .findFirst()
        .ifPresent(
            number -> {
              ids.removeIf(each -> plain(each.value()).equals(number));
              ids.add(0, new PartyTaxId("vat", number));
            });
    return new DocumentParty(
        party.id(),
        party.name(),
        party.lines(),
        party.city(),
        party.postalCode(),
        party.region(),
        country,
        ids);
  }

  private static String plain(String number) {
    return number.replaceAll("[ .-]", "").toUpperCase(Locale.ROOT);
  }
}

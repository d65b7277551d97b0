package io.billingsdk.documents.pdf;

import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.PaperPage.PartyBlock;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What all pages of a currency have in common, in a language. */
final class PageParts {
  private final PaperTemplate template;
  private final PaperLanguage language;
  private final PaperTexts texts;
  private final String currency;

  PageParts(PaperTemplate template, PaperLanguage language, String currency) {
    this.template = template;
    this.language = language;
    this.texts = new PaperTexts(language, template.texts(language));
    this.currency = currency;
  }

  PaperTexts texts() {
    return texts;
  }

  /** As a data URI; null for none. */
  @Nullable String logo() {
    return template.logo().map(PageParts::uri).orElse(null);
  }

  private static String uri(byte[] logo) {
    String type = logo[0] == (byte) 0x89 ? "png" : "jpeg";
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(logo);
  }

  List<String> texts(String... keys) {
    return List.of(keys).stream().map(texts::get).toList();
  }

  PartyBlock seller(DocumentParty party) {
    return party(party, texts.get("seller_tax_id"));
  }

  PartyBlock customer(DocumentParty party) {
    return party(party, texts.get("customer_tax_id"));
  }

  private static PartyBlock party(DocumentParty party, String taxIdName) {
    List<@Nullable String> lines = new ArrayList<>(party.lines());
    String city =
        Optional.ofNullable(party.postalCode()).map(code -> code + " ").orElse("")
            + Optional.ofNullable(party.city()).orElse("");
    lines.add(city);
    lines.add(party.region());
    lines.add(party.country());
    for (PartyTaxId id : party.taxIds()) {
      lines.add(taxIdName + ": " + id.value());
    }
    return new PartyBlock(
        party.name(),
        lines.stream()
            .flatMap(line -> Optional.ofNullable(line).stream())
            .filter(line -> !line.isBlank())
            .toList());
  }

  String amount(BigDecimal amount) {
    return language.number(amount) + " " + currency;
  }

  Fact fact(String key, String value) {
    return new Fact(texts.get(key), value);
  }
}

package io.billingsdk.documents;

import org.jspecify.annotations.Nullable;

/** A tax category of EN 16931 (code list UNTDID 5305), with the reason that it needs by default. */
public enum TaxCategory {
  /** Standard or reduced rate. */
  S(null, null),
  /** A rate of 0 per cent. */
  Z(null, null),
  /** Exempt. */
  E(null, "Exempt from VAT"),
  /** Reverse charge: the customer owes the tax. */
  AE("VATEX-EU-AE", "Reverse charge"),
  /** Supply to another country of the EU. */
  K("VATEX-EU-IC", "Intra-Community supply"),
  /** Export. */
  G("VATEX-EU-G", "Export outside the EU"),
  /** Outside the scope of the tax. */
  O("VATEX-EU-O", "Not subject to VAT");

  private final @Nullable String code;
  private final @Nullable String reason;

  TaxCategory(@Nullable String code, @Nullable String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The code of the reason (VATEX) where the document has none; null where there is no such. */
  public @Nullable String defaultCode() {
    return code;
  }

  /** The reason where the document has none; null for taxes that need none. */
  public @Nullable String defaultReason() {
    return reason;
  }

  /** Whether documents name why there is no tax. */
  boolean hasReason() {
    return reason != null;
  }

  /** By its code. */
  static TaxCategory of(String field, String code) {
    for (TaxCategory each : values()) {
      if (each.name().equals(code)) {
        return each;
      }
    }
    throw new DocumentException(
        field + " is " + code + ", expected a tax category of EN 16931: S, Z, E, AE, K, G or O");
  }
}

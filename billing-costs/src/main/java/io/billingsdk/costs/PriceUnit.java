package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Arrays;

/** How many of the base unit of a dimension a price is for. 1 GB is 1,073,741,824 bytes. */
public enum PriceUnit {
  /** One token. */
  TOKEN("token", Dimension.TOKENS, 1),
  /** A thousand tokens. */
  THOUSAND_TOKENS("1k_tokens", Dimension.TOKENS, 1_000),
  /** A million tokens. */
  MILLION_TOKENS("1m_tokens", Dimension.TOKENS, 1_000_000),
  /** One second. */
  SECOND("second", Dimension.SECONDS, 1),
  /** 60 seconds. */
  MINUTE("minute", Dimension.SECONDS, 60),
  /** 3,600 seconds. */
  HOUR("hour", Dimension.SECONDS, 3_600),
  /** One byte. */
  BYTE("byte", Dimension.BYTES, 1),
  /** 1,048,576 bytes. */
  MB("mb", Dimension.BYTES, 1_048_576),
  /** 1,073,741,824 bytes. */
  GB("gb", Dimension.BYTES, 1_073_741_824),
  /** 1,073,741,824 bytes for a month. */
  GB_MONTH("gb_month", Dimension.GB_MONTHS, 1),
  /** One character. */
  CHARACTER("character", Dimension.CHARACTERS, 1),
  /** A thousand characters. */
  THOUSAND_CHARACTERS("1k_characters", Dimension.CHARACTERS, 1_000),
  /** A million characters. */
  MILLION_CHARACTERS("1m_characters", Dimension.CHARACTERS, 1_000_000),
  /** One image. */
  IMAGE("image", Dimension.IMAGES, 1),
  /** A thousand images. */
  THOUSAND_IMAGES("1k_images", Dimension.IMAGES, 1_000),
  /** One page. */
  PAGE("page", Dimension.PAGES, 1),
  /** A thousand pages. */
  THOUSAND_PAGES("1k_pages", Dimension.PAGES, 1_000),
  /** One call. */
  CALL("call", Dimension.CALLS, 1),
  /** A thousand calls. */
  THOUSAND_CALLS("1k_calls", Dimension.CALLS, 1_000);

  private final String key;
  private final Dimension dimension;
  private final BigDecimal size;

  PriceUnit(String key, Dimension dimension, long size) {
    this.key = key;
    this.dimension = dimension;
    this.size = BigDecimal.valueOf(size);
  }

  /** The name in a prices file. */
  public String key() {
    return key;
  }

  /** What it measures. */
  public Dimension dimension() {
    return dimension;
  }

  /** How many of the base unit it is. */
  public BigDecimal size() {
    return size;
  }

  static PriceUnit read(String field, String key) {
    return Arrays.stream(values())
        .filter(unit -> unit.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new CostInputException(
                    field,
                    "one of "
                        + String.join(", ", Arrays.stream(values()).map(PriceUnit::key).toList()),
                    '"' + key + '"'));
  }
}

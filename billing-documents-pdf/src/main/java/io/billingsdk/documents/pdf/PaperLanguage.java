package io.billingsdk.documents.pdf;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A language of documents. How it writes numbers and dates is here, since the data of a JDK change
 * with its version, and so would the bytes.
 */
public enum PaperLanguage {
  /** English. */
  EN("en", '.', ',', "yyyy-MM-dd"),
  /** German. */
  DE("de", ',', '.', "dd.MM.yyyy"),
  /** Simplified Chinese. */
  ZH_CN("zh-CN", '.', ',', "yyyy年M月d日");

  private final String tag;
  private final char decimal;
  private final char group;
  private final DateTimeFormatter dates;

  PaperLanguage(String tag, char decimal, char group, String dates) {
    this.tag = tag;
    this.decimal = decimal;
    this.group = group;
    this.dates = DateTimeFormatter.ofPattern(dates, Locale.ROOT);
  }

  /** Of a BCP 47 tag; English where documents have no such language. */
  public static PaperLanguage of(String tag) {
    String language = Locale.forLanguageTag(tag).getLanguage();
    return switch (language) {
      case "de" -> DE;
      case "zh" -> ZH_CN;
      default -> EN;
    };
  }

  /** The BCP 47 tag. */
  public String tag() {
    return tag;
  }

  String date(LocalDate date) {
    return dates.format(date);
  }

  /** With all decimals that it has, and a separator every three digits. */
  String number(BigDecimal number) {
    String plain = number.abs().toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    StringBuilder text = new StringBuilder(number.signum() < 0 ? "-" : "");
    for (int i = 0; i < whole.length(); i++) {
      if (i > 0 && (whole.length() - i) % 3 == 0) {
        text.append(group);
      }
      text.append(whole.charAt(i));
    }
    return point < 0
        ? text.toString()
        : text.append(decimal).append(plain, point + 1, plain.length()).toString();
  }
}

package io.billingsdk.server.tax;

import static io.billingsdk.server.tax.CheckDigits.digit;
import static io.billingsdk.server.tax.CheckDigits.isDate;
import static io.billingsdk.server.tax.CheckDigits.luhn;
import static io.billingsdk.server.tax.CheckDigits.modulo;
import static io.billingsdk.server.tax.CheckDigits.number;
import static io.billingsdk.server.tax.CheckDigits.weighted;

/**
 * The check digits of Austria, Bulgaria, Cyprus, France, Greece, Hungary, Italy, Malta, Portugal,
 * Romania, Slovenia, Spain and Switzerland. Germany and Croatia use those of ISO 7064.
 */
final class SouthernChecks {
  private static final int[] CYPRIOT = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};

  /** Without I and O, which look like digits. */
  private static final String FRENCH = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

  private static final String SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";

  private SouthernChecks() {}

  static boolean austria(String number) {
    return digit(number, 8) == Math.floorMod(6 - luhn(number.substring(1, 8)), 10);
  }

  static boolean bulgaria(String number) {
    if (number.length() == 9) {
      int check = weighted(number, 1, 2, 3, 4, 5, 6, 7, 8) % 11;
      check = check == 10 ? weighted(number, 3, 4, 5, 6, 7, 8, 9, 10) % 11 : check;
      return digit(number, 8) == check % 10;
    }
    int last = digit(number, 9);
    boolean isForeigner = weighted(number, 21, 19, 17, 13, 11, 9, 7, 3, 1) % 10 == last;
    boolean isOther = (11 - weighted(number, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11) % 11 == last;
    return isForeigner || isOther || isBulgarianPerson(number);
  }

  private static boolean isBulgarianPerson(String number) {
    int month = number(number, 2, 4);
    int century = month > 40 ? 2000 : month > 20 ? 1800 : 1900;
    int check = weighted(number, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10;
    return isDate(century + number(number, 0, 2), month % 20, number(number, 4, 6))
        && digit(number, 9) == check;
  }

  static boolean cyprus(String number) {
    int sum = 0;
    for (int i = 0; i < 8; i++) {
      sum += i % 2 == 0 ? CYPRIOT[digit(number, i)] : digit(number, i);
    }
    return number.charAt(8) == 'A' + sum % 26;
  }

  /** The last nine are the number of the company, of Monaco with three zeros and no check digit. */
  static boolean france(String number) {
    String company = number.substring(2);
    boolean isCompany = company.startsWith("000") || luhn(company) == 0;
    return isCompany && frenchKey(number, company);
  }

  private static boolean frenchKey(String number, String company) {
    int first = FRENCH.indexOf(number.charAt(0));
    int second = FRENCH.indexOf(number.charAt(1));
    if (first < 10 && second < 10) {
      return first * 10 + second == modulo(company + "12", 97);
    }
    int check = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
    return (Integer.parseInt(company) + 1 + check / 11) % 11 == check % 11;
  }

  static boolean greece(String number) {
    int sum = 0;
    for (int i = 0; i < 8; i++) {
      sum = sum * 2 + digit(number, i);
    }
    return digit(number, 8) == sum * 2 % 11 % 10;
  }

  static boolean hungary(String number) {
    return weighted(number, 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0;
  }

  /** Places 8 to 10 are the province of the office. */
  static boolean italy(String number) {
    int province = number(number, 7, 10);
    boolean isProvince =
        (province >= 1 && province <= 100)
            || province == 120
            || province == 121
            || province == 888
            || province == 999;
    return isProvince && luhn(number) == 0;
  }

  static boolean malta(String number) {
    return weighted(number, 3, 4, 6, 7, 8, 9, 10, 1) % 37 == 0;
  }

  static boolean portugal(String number) {
    int check = (11 - weighted(number, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10;
    return digit(number, 8) == check;
  }

  static boolean romania(String number) {
    if (number.length() == 13) {
      return isRomanianPerson(number);
    }
    String nine = "0".repeat(10 - number.length()) + number;
    int sum = weighted(nine, 7, 5, 3, 2, 1, 7, 5, 3, 2);
    return digit(nine, 9) == 10 * sum % 11 % 10;
  }

  private static boolean isRomanianPerson(String number) {
    int kind = digit(number, 0);
    int century = kind == 3 || kind == 4 ? 1800 : kind == 5 || kind == 6 ? 2000 : 1900;
    int check = weighted(number, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
    return isDate(century + number(number, 1, 3), number(number, 3, 5), number(number, 5, 7))
        && digit(number, 12) == (check == 10 ? 1 : check);
  }

  static boolean slovenia(String number) {
    int check = 11 - weighted(number, 8, 7, 6, 5, 4, 3, 2) % 11;
    return digit(number, 7) == (check == 10 ? 0 : check);
  }

  /** People by modulo 23, with X, Y or Z for 0, 1 or 2; companies by Luhn, as digit or letter. */
  static boolean spain(String number) {
    char first = number.charAt(0);
    char last = number.charAt(8);
    if (Character.isDigit(first)) {
      return last == SPANISH.charAt(number(number, 0, 8) % 23);
    }
    if ("XYZ".indexOf(first) >= 0) {
      int place = Integer.parseInt("XYZ".indexOf(first) + number.substring(1, 8));
      return last == SPANISH.charAt(place % 23);
    }
    if ("KLM".indexOf(first) >= 0) {
      return last == SPANISH.charAt(number(number, 1, 8) % 23);
    }
    int check = (10 - luhn(number.substring(1, 8) + "0")) % 10;
    return last == '0' + check || last == "JABCDEFGHI".charAt(check);
  }

  static boolean switzerland(String number) {
    int check = (11 - weighted(number, 5, 4, 3, 2, 7, 6, 5, 4) % 11) % 11;
    return digit(number, 8) == check;
  }
}

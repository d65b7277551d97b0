package io.billingsdk.server.tax;

import static io.billingsdk.server.tax.CheckDigits.digit;
import static io.billingsdk.server.tax.CheckDigits.isDate;
import static io.billingsdk.server.tax.CheckDigits.luhn;
import static io.billingsdk.server.tax.CheckDigits.modulo;
import static io.billingsdk.server.tax.CheckDigits.number;
import static io.billingsdk.server.tax.CheckDigits.weighted;

/**
 * The check digits of Belgium, Czechia, Denmark, Estonia, Finland, Ireland, Latvia, Lithuania,
 * Luxembourg, the Netherlands, Norway, Poland, Slovakia, Sweden and the United Kingdom.
 */
final class NorthernChecks {
  private static final String IRISH = "WABCDEFGHIJKLMNOPQRSTUV";

  private NorthernChecks() {}

  static boolean belgium(String number) {
    return (number(number, 0, 8) + number(number, 8, 10)) % 97 == 0;
  }

  static boolean czechia(String number) {
    if (number.length() == 8) {
      int check = (11 - weighted(number, 8, 7, 6, 5, 4, 3, 2) % 11) % 11;
      return digit(number, 7) == (check == 0 ? 1 : check) % 10;
    }
    if (number.length() == 9 && number.startsWith("6")) {
      int sum = weighted(number.substring(1), 8, 7, 6, 5, 4, 3, 2) % 11;
      return digit(number, 8) == Math.floorMod(8 - Math.floorMod(10 - sum, 11), 10);
    }
    return isBirthNumber(number);
  }

  /** Of Czech and Slovak people; without a check digit until 1953. */
  static boolean isBirthNumber(String number) {
    int year = 1900 + number(number, 0, 2);
    if (number.length() == 9) {
      year -= year >= 1980 ? 100 : 0;
    } else {
      year += year < 1954 ? 100 : 0;
    }
    boolean hasCheck = number.length() == 10;
    if ((!hasCheck && year > 1953)
        || !isDate(year, number(number, 2, 4) % 50 % 20, number(number, 4, 6))) {
      return false;
    }
    int check = modulo(number.substring(0, 9), 11);
    return !hasCheck || digit(number, 9) == (year < 1985 ? check % 10 : check);
  }

  static boolean denmark(String number) {
    return weighted(number, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
  }

  static boolean estonia(String number) {
    return weighted(number, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
  }

  static boolean finland(String number) {
    return weighted(number, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;
  }

  /** Today 7 digits and one or two letters; until 2013 the second place could be a letter. */
  static boolean ireland(String number) {
    boolean isOld = !Character.isDigit(number.charAt(1));
    String digits = isOld ? "0" + number.substring(2, 7) + number.charAt(0) : number;
    int sum = weighted(digits, 8, 7, 6, 5, 4, 3, 2);
    if (number.length() == 9) {
      sum += 9 * IRISH.indexOf(number.charAt(8));
    }
    return IRISH.charAt(sum % 23) == number.charAt(7);
  }

  static boolean latvia(String number) {
    if (digit(number, 0) > 3) {
      return weighted(number, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) % 11 == 3;
    }
    int year = 1800 + number(number, 4, 6) + 100 * digit(number, 6);
    int sum = 1 + weighted(number, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9);
    return isDate(year, number(number, 2, 4), number(number, 0, 2))
        && digit(number, 10) == sum % 11 % 10;
  }

  static boolean lithuania(String number) {
    int check = lithuanian(number, 0) % 11;
    if (check == 10) {
      check = lithuanian(number, 2) % 11;
    }
    return digit(number, number.length() - 1) == check % 10;
  }

  private static int lithuanian(String number, int shift) {
    int sum = 0;
    for (int i = 0; i < number.length() - 1; i++) {
      sum += (1 + (i + shift) % 9) * digit(number, i);
    }
    return sum;
  }

  static boolean luxembourg(String number) {
    return number(number, 0, 6) % 89 == number(number, 6, 8);
  }

  /** Of companies by the number of the tax office, of people by modulo 97 over all. */
  static boolean netherlands(String number) {
    int sum = weighted(number, 9, 8, 7, 6, 5, 4, 3, 2) - digit(number, 8);
    // Letters are two digits: N is 23, L is 21, B is 11.
    String all = "2321" + number.substring(0, 9) + "11" + number.substring(10);
    return sum % 11 == 0 || modulo(all, 97) == 1;
  }

  static boolean norway(String number) {
    return weighted(number, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
  }

  static boolean poland(String number) {
    return weighted(number, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digit(number, 9);
  }

  static boolean slovakia(String number) {
    boolean isCompany = "234789".indexOf(number.charAt(2)) >= 0 && modulo(number, 11) == 0;
    return isCompany || isBirthNumber(number);
  }

  static boolean sweden(String number) {
    return luhn(number.substring(0, 10)) == 0;
  }

  /** Branches have 12 digits; departments GD and health authorities HA have no check digits. */
  static boolean unitedKingdom(String number) {
    if (!Character.isDigit(number.charAt(0))) {
      boolean isDepartment = number.startsWith("GD");
      return isDepartment == number(number, 2, 5) < 500;
    }
    int rest = weighted(number, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97;
    boolean isNewer = number(number, 0, 3) >= 100;
    return rest == 0 || (isNewer && (rest == 42 || rest == 55));
  }
}

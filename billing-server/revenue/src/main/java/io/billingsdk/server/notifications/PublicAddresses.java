package io.billingsdk.server.notifications;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses anybody may have a request sent to. Without this the URL of a webhook could reach
 * what only this machine or its network can: a database, a router, the metadata of a cloud.
 */
final class PublicAddresses {
  private PublicAddresses() {}

  static boolean has(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  /** All of IPv4 but the ranges of RFC 6890 and its registry. */
  private static boolean isPublic4(byte[] bytes) {
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    return switch (a) {
      case 0, 10, 127 -> false;
      case 100 -> b < 64 || b > 127;
      case 169 -> b != 254;
      case 172 -> b < 16 || b > 31;
      case 192 -> !(b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99));
      case 198 -> !(b == 18 || b == 19 || (b == 51 && c == 100));
      case 203 -> !(b == 0 && c == 113);
      default -> a < 224;
    };
  }

  /**
   * Of 2000::/3 alone, without what stands for another address (6to4, Teredo), documentation and
   * benchmarks: unique local, mapped, translated (64:ff9b::/96) and discard addresses are outside.
   */
  private static boolean isPublic6(byte[] bytes) {
    int first = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    int second = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
    if ((first & 0xe000) != 0x2000) {
      return false;
    }
    return switch (first) {
      case 0x2001 -> second >= 0x0200 && second != 0x0db8;
      case 0x2002 -> false;
      case 0x3fff -> second >= 0x1000;
      default -> true;
    };
  }
}

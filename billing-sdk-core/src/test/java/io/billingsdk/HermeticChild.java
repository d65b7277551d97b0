package io.billingsdk;

/** Builds configurations in a process whose properties, environment and directory have settings. */
final class HermeticChild {
  private HermeticChild() {}

  public static void main(String[] arguments) {
    System.out.println(BillingConfig.builder().host("given").build());
    System.out.println(BillingConfig.builder().host("given").build().toBuilder().build());
    try {
      System.out.println(BillingConfig.builder().build());
    } catch (IllegalArgumentException refused) {
      System.out.println(refused.getMessage());
    }
    System.out.println(BillingConfig.builder().host("given").fromEnvironment().build());
    System.out.println(BillingConfig.load());
  }
}

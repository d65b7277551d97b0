package io.billingsdk.forecast;

import java.util.stream.LongStream;

/** A process that forecasts the month of many series on two threads. */
final class ManySeries {
  static final int THREADS = 2;
  static final int DAYS = 170;

  private ManySeries() {}

  /** Prints how many forecasts it made of as many series as the argument says. */
  public static void main(String[] arguments) throws InterruptedException {
    int series = Integer.parseInt(arguments[0]);
    long[] made = new long[THREADS];
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int own = i;
      threads[i] = new Thread(() -> made[own] = forecasts(own, series));
      threads[i].start();
    }
    long sum = 0;
    for (int i = 0; i < THREADS; i++) {
      threads[i].join();
      sum += made[i];
    }
    System.out.println(sum);
  }

  private static long forecasts(int first, int series) {
    return LongStream.range(0, series)
        .filter(seed -> seed % THREADS == first)
        .mapToObj(seed -> Generated.withEvents(seed).series())
        .map(whole -> UsageSeries.days(Generated.FIRST, whole.closed().subList(0, DAYS)))
        .filter(known -> Forecaster.monthEnd(known) instanceof MonthForecast)
        .count();
  }
}

package io.billingsdk.forecast;

import java.util.Arrays;

/**
 * How far 8 of 10 days, or sums of days, stay from their forecasts, as the back-test tells. Errors
 * of one path are no independent witnesses if they agree, and few witnesses see too little: the
 * fewer there are, the wider the spread, as Student's distribution has it. Immutable by convention.
 *
 * @param played the back-test of the chosen method
 * @param values the days that it was made with
 * @param tested how many days it covers
 * @param shared the part of an error that all days of a path share
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody changes the array.
record Spreads(Rehearsal played, double[] values, double tested, double shared) {
  private static final double COVERED = 0.8;
  private static final double NORMAL = 1.2816;

  /** So many days are presumed to share their errors: few days cannot tell that they do not. */
  private static final double PRESUMED = 7;

  /** The same errors choose the method, and the width: each takes one witness. */
  private static final double CHOSEN = 2;

  /** Student's factor has no bound below this; with a few days of history it would say nothing. */
  private static final double LEAST_FREEDOM = 3;

  /** A sum has one error where days have several: what Student adds counts more often. */
  private static final double CAUTION_OF_SUMS = 2;

  static Spreads of(Rehearsal played, double[] values) {
    int[] origins = played.origins();
    double tested = origins[origins.length - 1] - origins[0] + 1.0;
    double shared = (played.agreement(values) * tested + PRESUMED) / (tested + PRESUMED);
    return new Spreads(played, values, tested, shared);
  }

  /** For each day ahead the share of its forecast. */
  double[] ofDays(int horizon) {
    double[] spreads = new double[horizon];
    double widest = 0;
    double farthest = 0;
    int known = 1;
    for (int h = 0; h < horizon; h++) {
      boolean tested = isTested(h + 1);
      known = tested ? h + 1 : known;
      double spread =
          tested
              ? widened(played.dayErrors(values, h), known, 1)
              : farthest * walked((double) (h + 1) / known);
      // The farther ahead, the less is known: a narrower day far ahead is half chance.
      widest = Math.max(spread, (widest + spread) / 2);
      farthest = tested ? widest : farthest;
      spreads[h] = widest;
    }
    return spreads;
  }

  /** The share of the sum of all days. */
  double ofSum(int horizon) {
    int known = horizon;
    while (known > 1 && !isTested(known)) {
      known--;
    }
    double[] errors = played.sumErrors(values, known);
    return Math.sqrt((double) horizon / known) * widened(errors, known, CAUTION_OF_SUMS);
  }

  /** Whether so many paths reach so many days ahead that their errors tell something. */
  private boolean isTested(int days) {
    return played.reaching(days) >= Math.min(8, played.origins().length / 2 + 1);
  }

  /** How a spread grows: the shared part of an error walks on, the own part of a day does not. */
  private double walked(double times) {
    return Math.sqrt(shared * times + 1 - shared);
  }

  /** The quantile of the errors, wider where few of them are independent. */
  private double widened(double[] errors, int ahead, double caution) {
    double quantile = Stats.conformal(errors, errors.length, COVERED);
    double squares = Arrays.stream(errors).map(error -> error * error).sum() / errors.length;
    double witnesses = tested / (1 + (ahead - 1) * shared);
    double freedom = Math.max(LEAST_FREEDOM, witnesses - CHOSEN);
    // A quantile of few errors overlooks the rare large ones.
    double rare = Math.max(0, NORMAL * Math.sqrt(squares) - quantile);
    double more = Stats.student(NORMAL, freedom) / NORMAL - 1;
    return (quantile + Math.min(1, 2 / freedom) * rare) * (1 + caution * more);
  }
}

package io.billingsdk.server.reconcile;

import java.util.Locale;

/** Where usage of the ledger is, on its way to an invoice. */
enum UsageFate {
  /** A billed time has it, and a charge of the plan reads it. */
  RATED("it is in the amounts of the invoices"),
  /** Its key was not known: it belongs to no app until somebody attributes it. */
  NO_APP("it belongs to no app; attribute it"),
  /** The app was nobody's at the time of use. */
  NO_CUSTOMER("its app had no customer then; assign the app to a customer"),
  /** The customer had no plan at the time of use. */
  NO_SUBSCRIPTION("its customer had no subscription then"),
  /** Between two segments of a subscription. */
  PAUSED("the subscription was paused or cancelled then"),
  /** A trial is free. */
  TRIAL("it was used in a trial"),
  /** The time ended before the server could bill. */
  BEFORE_BILLING("its time ended before billing began, and is never billed"),
  /** The period is not over. */
  RUNNING("its period is not billed yet: it runs, or its end has not been noted"),
  /** An amount of usage was reached, at which the plan wants an invoice. */
  PROGRESS("it is on an invoice from before the end of its period"),
  /** The period is over, and waits for the run. */
  WAITING("its period is over and waits for the run"),
  /** The run tried, and could not. */
  FAILED("its period could not be billed; invoices failures says why"),
  /** No charge of the plan of that time counts it. */
  NOT_PRICED("no charge of the plan reads it"),
  /** It came after the last invoice of the subscription. */
  LATE("it came after the last invoice; a later one has the difference"),
  /** A subscription was there, and no time for it: that must not be. */
  UNEXPLAINED("it is in a subscription, and in no time that is or will be billed");

  private final String sentence;

  UsageFate(String sentence) {
    this.sentence = sentence;
  }

  /** Why, as people read it. */
  String sentence() {
    return sentence;
  }

  /** As it is written: {@code no_customer}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import java.util.concurrent.Executor;

/**
 * What all parts of a client share.
 *
 * @param scheduler the thread to which link, delivery and keys are confined
 * @param callbacks the thread of the listeners
 * @param faults where a failure goes that no part can handle
 */
record ClientContext(
    BillingConfig config, Clock clock, Scheduler scheduler, Executor callbacks, Faults faults) {}

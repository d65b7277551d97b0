/**
 * For this project's own tests, in every module: brokers that can fail, a spy on the wire, faults
 * on the network, captured logs, and proof lines. Never published.
 */
@NullMarked
package io.billingsdk.testbed;

import org.jspecify.annotations.NullMarked;

/** For authors of billing systems: the smallest one that speaks protocol v1. */
@NullMarked
package io.billingsdk.examples.billingsystem;

import org.jspecify.annotations.NullMarked;

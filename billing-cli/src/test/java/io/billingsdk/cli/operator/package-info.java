/** Tests of the commands of an operator. */
@NullMarked
package io.billingsdk.cli.operator;

import org.jspecify.annotations.NullMarked;

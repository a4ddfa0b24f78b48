package io.tidecast.architectures;

import java.util.Locale;

/** What a tensor at the edge of a network is for. */
public enum Role {
  /** The past, oldest first. */
  CONTEXT("batch,time,channel"),

  /** The past of each channel by itself, cut into patches. */
  PATCHES("batch*channel,patch,step"),

  /** The calendar features of the steps of the context. */
  CONTEXT_TIME_FEATURES("batch,time,feature"),

  /** The calendar features of the steps ahead. */
  FUTURE_TIME_FEATURES("batch,horizon,feature"),

  /** Other series over the steps ahead, known beforehand. */
  FUTURE_COVARIATES("batch,horizon,covariate"),

  /** Standard normal draws of a generative forecaster; a long path is drawn in pieces. */
  NOISE("batch,piece,sample,step"),

  /** Only while training: the noise of each token that learns to lose it. */
  FLOW_NOISE("batch,token,step"),

  /** Only while training: how far each token is on its way from noise, and the waves of that. */
  FLOW_TIME("batch,token,wave"),

  /** The forecasts as points, one value a step. */
  POINT("batch,horizon,channel"),

  /** Values that are undercut as often as their level says. */
  QUANTILES("batch,horizon,channel,level"),

  /** Paths that the series may take, drawn at random. */
  SAMPLES("batch,sample,horizon");

  private final String layout;

  Role(String layout) {
    this.layout = layout;
  }

  /** The name of the role in manifests and graphs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The axes by name, as manifests spell them. */
  public String layout() {
    return layout;
  }
}
